import { InvalidInput, shortened } from './input-errors.ts';

const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w!.*'()=-]+)*)\/?$/;
const GROUP = /^(?!true$|false$|s3:|\d+$)[\w./#-]{1,512}$/;
const GROUP_ARN = /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[\w./#-]{1,512}(?::\*)?$/;

const SHOWN = 'aws elbv2 describe-load-balancer-attributes --load-balancer-arn <arn>';

/** `s3://bucket/prefix` or a log group, by its name or ARN: where a load balancer's logs are. */
export function parseLogPlace(text: string): string {
  const written = text.trim();
  const [, bucket, path = ''] = BUCKET.exec(written) ?? [];
  // As the console copies it, with the folders that are there anyway.
  if (bucket !== undefined) return `s3://${bucket}${path.replace(/\/AWSLogs(?:\/.*)?$/, '')}`;
  if (isLogPlace(written)) return written;
  throw new InvalidInput(
    `expected s3://bucket/prefix or the name of a log group, found ${shortened(text)}: ${SHOWN} shows a bucket`,
  );
}

export function isLogPlace(text: string): boolean {
  return BUCKET.test(text.trim()) || GROUP.test(text.trim()) || GROUP_ARN.test(text.trim());
}

/** Several with commas between. */
export function parseLogPlaces(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .split(',')
        .filter((place) => place.trim() !== '')
        .map(parseLogPlace),
    ),
  ];
}
