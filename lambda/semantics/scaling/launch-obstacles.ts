/** What AWS lacks or refuses, of the reasons for failed launches that people meet most. */
export interface LaunchObstacle {
  readonly lacks: 'capacity' | 'vCPU quota';
  /** The instance type and the zone that there is no capacity of, where AWS names both. */
  readonly of: { readonly type: string; readonly zone: string } | null;
}

export function launchObstacleIn(message: string): LaunchObstacle | null {
  const [lacked, type, zone] =
    /sufficient (\S+) capacity(?: in the Availability Zone you requested \((\S+?)\))?/.exec(message) ?? [];
  if (lacked !== undefined) return { lacks: 'capacity', of: type && zone ? { type, zone } : null };
  return /vCPU limit/.test(message) ? { lacks: 'vCPU quota', of: null } : null;
}
