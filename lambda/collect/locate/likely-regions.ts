/** Where most load balancers are, by partition: an account may use thirty Regions, and nobody waits for all of them. */
const LIKELY: Readonly<Record<string, readonly string[]>> = {
  aws: [
    'us-east-1',
    'us-east-2',
    'us-west-2',
    'eu-west-1',
    'eu-central-1',
    'eu-west-2',
    'eu-north-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-northeast-1',
    'ap-south-1',
    'ca-central-1',
    'sa-east-1',
    'us-west-1',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-west-1', 'us-gov-east-1'],
};

/** In the partition of that Region, the likeliest first. */
export function likelyRegions(region = 'us-east-1'): readonly string[] {
  if (region.startsWith('cn-')) return LIKELY['aws-cn'] ?? [];
  if (region.startsWith('us-gov-')) return LIKELY['aws-us-gov'] ?? [];
  return LIKELY.aws ?? [];
}
