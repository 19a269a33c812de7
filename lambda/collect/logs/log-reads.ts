/** What reading logs takes, wherever they are; what does it is loaded only then. */
export const LOG_READS: readonly string[] = [
  'logs:GetQueryResults',
  'logs:StartQuery',
  's3:GetObject',
  's3:ListBucket',
];

/** What finding them takes. */
export const DELIVERY_LISTS: readonly string[] = ['logs:DescribeDeliveries', 'logs:DescribeDeliverySources'];
export const DELIVERY_DESTINATION = 'logs:GetDeliveryDestination';
