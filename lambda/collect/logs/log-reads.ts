/** What reading logs takes, wherever they are; what does it is loaded only then. */
export const LOG_READS: readonly string[] = [
  'logs:GetQueryResults',
  'logs:StartQuery',
  's3:GetObject',
  's3:ListBucket',
];
