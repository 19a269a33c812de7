import { openService } from '../service.ts';

const sdk = () => import('./sdk/s3.ts');

const s3 = openService({
  name: 's3',
  // A bucket's name may hold dots, which no certificate of AWS covers as part of a host's name.
  client: async (config) => new (await sdk()).S3Client({ ...config, forcePathStyle: true }),
  limit: { concurrency: 6, burst: 100, perSecond: 100 },
  paging: { from: 'NextContinuationToken', into: 'ContinuationToken' },
});

/** Named by what IAM calls it. */
export const listObjects = s3.paged('ListBucket', async () => (await sdk()).ListObjectsV2Command);
export const getObject = s3.operation('GetObject', async () => (await sdk()).GetObjectCommand);
