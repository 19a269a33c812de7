import type { Beyond } from '../../incident/question.ts';
import type { Permission } from '../permission.ts';
import { bucketOf } from './bucket/log-keys.ts';
import { DELIVERY_DESTINATION, DELIVERY_LISTS } from './log-reads.ts';

/** To find out where logs go, and to read them where they are said to be and nowhere else. */
export function logPermissions({ places }: NonNullable<Beyond['logs']>): readonly Permission[] {
  return [
    { actions: DELIVERY_LISTS, resource: '*' },
    { actions: [DELIVERY_DESTINATION], resource: 'arn:*:logs:*:*:delivery-destination:*' },
    ...places.flatMap((place) => (place.startsWith('s3://') ? bucketPermissions(place) : groupPermissions(place))),
  ];
}

function bucketPermissions(place: string): readonly Permission[] {
  const { bucket, prefix } = bucketOf(place);
  const below = `${prefix === '' ? 'AWSLogs' : prefix}/*`;
  return [
    { actions: ['s3:GetObject'], resource: `arn:*:s3:::${bucket}/${below}` },
    {
      actions: ['s3:ListBucket'],
      resource: `arn:*:s3:::${bucket}`,
      condition: { StringLike: { 's3:prefix': below } },
    },
  ];
}

function groupPermissions(place: string): readonly Permission[] {
  const arn = place.startsWith('arn:') ? place.replace(/:\*$/, '') : `arn:*:logs:*:*:log-group:${place}`;
  const actions = ['logs:GetQueryResults', 'logs:StartQuery'];
  return [arn, `${arn}:*`].map((resource) => ({ actions, resource }));
}
