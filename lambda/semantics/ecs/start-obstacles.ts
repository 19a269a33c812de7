/** Why a task could not start, as far as AWS's words tell. */
export type StartObstacle = 'image missing' | 'not allowed' | 'no way there' | 'other';

const OBSTACLES: readonly (readonly [RegExp, StartObstacle])[] = [
  [
    /i\/o timeout|dial tcp|deadline exceeded|request canceled|connection (refused|issue|reset)|no route to host/i,
    'no way there',
  ],
  [/AccessDenied|not authorized|\bdenied\b|no basic auth|forbidden|\b403\b/i, 'not allowed'],
  [/not found|manifest unknown|does not exist|no such image|invalid reference/i, 'image missing'],
];

/** A registry that cannot be reached says nothing of what is in it; one that refuses may hide what is missing. */
export function startObstacleIn(reason: string): StartObstacle {
  return OBSTACLES.find(([words]) => words.test(reason))?.[1] ?? 'other';
}
