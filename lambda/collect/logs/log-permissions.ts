import type { Beyond } from '../../incident/question.ts';
import type { Permission } from '../permissions.ts';
import { getQueryResults, startQuery } from '../services/cloudwatch-logs.ts';
import { getObject, listObjects } from '../services/s3.ts';
import { bucketOf } from './bucket/log-keys.ts';

/** What reading takes, wherever they are. */
export const LOG_READS: readonly string[] = [
  getObject.action,
  listObjects.action,
  getQueryResults.action,
  startQuery.action,
];

/** To read logs where they are said to be, and nowhere else. */
export function logPermissions({ places }: NonNullable<Beyond['logs']>): readonly Permission[] {
  return places.flatMap((place) => (place.startsWith('s3://') ? bucketPermissions(place) : groupPermissions(place)));
}

function bucketPermissions(place: string): readonly Permission[] {
  const { bucket, prefix } = bucketOf(place);
  const below = `${prefix === '' ? 'AWSLogs' : prefix}/*`;
  return [
    { actions: [getObject.action], resource: `arn:*:s3:::${bucket}/${below}` },
    {
      actions: [listObjects.action],
      resource: `arn:*:s3:::${bucket}`,
      condition: { StringLike: { 's3:prefix': below } },
    },
  ];
}

function groupPermissions(place: string): readonly Permission[] {
  const arn = place.startsWith('arn:') ? place.replace(/:\*$/, '') : `arn:*:logs:*:*:log-group:${place}`;
  const actions = [getQueryResults.action, startQuery.action];
  return [arn, `${arn}:*`].map((resource) => ({ actions, resource }));
}
