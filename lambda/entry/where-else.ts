import {
  type Aws,
  askedOf,
  type LocateFailure,
  likelyRegions,
  loadBalancersThere,
  namedThere,
} from '../collect/index.ts';
import type { Request } from '../incident/question.ts';
import { listed, meant } from '../intake/index.ts';

type Asked = Pick<Request, 'about' | 'trigger'>;

/** A load balancer that is not there may be called a little different, or be somewhere else: that is said. Never rejects. */
export async function withWhereElse(
  failure: LocateFailure,
  { about, trigger }: Asked,
  aws: Aws,
): Promise<LocateFailure> {
  const { region, name } = failure.about ?? {};
  if (failure.reason !== 'not-found' || region === undefined) return failure;
  const [whatIsMissing = failure.message] = failure.message.split(': check the name');
  const hint = await hintFor({ about, trigger }, name, region, aws);
  return hint === undefined ? failure : { ...failure, message: `${whatIsMissing}${hint}` };
}

async function hintFor(
  { about, trigger }: Asked,
  name: string | undefined,
  region: string,
  aws: Aws,
): Promise<string | undefined> {
  if (about.by === 'dns') {
    const hint = meant(about.dnsName, await thoseOf(region, ({ DNSName = '' }) => DNSName.toLowerCase(), aws));
    return hint === undefined ? undefined : `: ${hint}`;
  }
  if ((about.by !== 'name' && about.by !== 'arn') || name === undefined) return undefined;
  const others = likelyRegions(region).filter((other) => other !== region);
  const [here, known, elsewhere] = await Promise.all([
    about.by === 'arn' ? askedOf([region], aws, (there) => namedThere(name, there)) : undefined,
    thoseOf(region, ({ LoadBalancerName = '' }) => LoadBalancerName, aws),
    askedOf(others, aws, (there) => namedThere(name, there)),
  ]);
  const again = here?.answers[0]?.is;
  if (again !== undefined) return `; one named ${name} is there now: ask for ${again.LoadBalancerArn}`;
  const hint = meant(
    name,
    known.filter((other) => other !== name),
  );
  const found = elsewhere.answers.filter(({ is }) => is !== undefined);
  const [first] = found;
  if (first !== undefined) {
    // The Region of an ARN is in it, and an event has no options.
    const instead =
      about.by === 'arn' || trigger.kind !== 'cli'
        ? `ask for ${first.is?.LoadBalancerArn}`
        : `add --region ${first.region}`;
    const regions = found.map((one) => one.region);
    return `; one of that name is in ${listed(regions, 'and')}: ${instead}${hint === undefined ? '' : `, or ${hint}`}`;
  }
  const asked = elsewhere.answers.map((one) => one.region);
  const nor = asked.length === 0 ? '' : `, nor in ${listed(asked, 'or')}`;
  const unread =
    elsewhere.unread.length === 0
      ? ''
      : ` (could not be read: ${elsewhere.unread.map((one) => one.region).join(', ')})`;
  return `${nor}${unread}: ${hint ?? 'check the name, the Region and the account'}`;
}

type Described = Awaited<ReturnType<typeof loadBalancersThere>>['items'][number];

async function thoseOf(region: string, of: (one: Described) => string, aws: Aws): Promise<readonly string[]> {
  const { answers } = await askedOf([region], aws, loadBalancersThere);
  return answers.flatMap(({ is }) => is.items.map(of));
}
