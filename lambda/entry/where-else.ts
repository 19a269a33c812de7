import {
  type Aws,
  alarmsThere,
  askedOf,
  type LocateFailure,
  likelyRegions,
  loadBalancersThere,
  namedThere,
} from '../collect/index.ts';
import { arnIn } from '../incident/arn.ts';
import type { Request } from '../incident/question.ts';
import { listed, meant, nearTo } from '../intake/index.ts';

type Asked = Pick<Request, 'about' | 'trigger'>;

/** A load balancer or an alarm that is not there may be called a little different, or be somewhere else: that is said. Never rejects. */
export async function withWhereElse(
  failure: LocateFailure,
  { about, trigger }: Asked,
  aws: Aws,
): Promise<LocateFailure> {
  const { region, name } = failure.about ?? {};
  if (failure.reason !== 'not-found' || region === undefined) return failure;
  const message = await messageWith({ about, trigger }, failure, { region, name }, aws);
  return message === undefined ? failure : { ...failure, message };
}

interface Place {
  readonly region: string;
  readonly name: string | undefined;
}

async function messageWith(
  { about, trigger }: Asked,
  { message, missing }: LocateFailure,
  { region, name }: Place,
  aws: Aws,
): Promise<string | undefined> {
  const [whatIsMissing = message] = message.split(': check the name');
  if (about.by === 'dns') {
    const { answers } = await askedOf([region], aws, loadBalancersThere);
    const hint = meant(
      about.dnsName,
      answers.flatMap(({ is }) => is.items.map(({ DNSName = '' }) => DNSName.toLowerCase())),
    );
    return hint && `${whatIsMissing}: ${hint}`;
  }
  if (about.by === 'alarm' && missing === 'alarm') {
    const [alarm = ''] = about.alarms;
    const wanted = { name: arnIn(alarm)?.resource.replace(/^alarm:/, '') ?? alarm, region, byOption: false };
    return `${whatIsMissing}${hintIn(wanted, await nearbyOf(ALARMS, wanted, aws))}`;
  }
  if ((about.by !== 'name' && about.by !== 'arn') || name === undefined) return undefined;
  // The Region of an ARN is in it, and an event has no options.
  const wanted = { name, region, byOption: about.by === 'name' && trigger.kind === 'cli' };
  const nearby = await nearbyOf(LOAD_BALANCERS, wanted, aws);
  if (about.by === 'name') return `${whatIsMissing}${hintIn(wanted, nearby)}`;
  return otherAccount(about.arn, nearby, trigger.kind) ?? `${whatIsMissing}${hintIn(wanted, nearby)}`;
}

interface Named {
  readonly name: string;
  readonly arn: string;
}

/** What is asked of a Region about what may be meant. */
interface Things {
  called(name: string, there: Aws): Promise<Named | undefined>;
  all(there: Aws): Promise<readonly Named[]>;
}

const LOAD_BALANCERS: Things = {
  async called(name, there) {
    const found = await namedThere(name, there);
    return found && { name, arn: found.LoadBalancerArn ?? '' };
  },
  async all(there) {
    const { items } = await loadBalancersThere(there);
    return items.map(({ LoadBalancerName: name = '', LoadBalancerArn: arn = '' }) => ({ name, arn }));
  },
};

const ALARMS: Things = {
  called: async (name, there) => (await alarmsThere(there, [name]))[0],
  all: (there) => alarmsThere(there),
};

interface Wanted {
  readonly name: string;
  readonly region: string;
  /** Another Region is chosen by an option. */
  readonly byOption: boolean;
}

interface Located extends Named {
  readonly region: string;
}

interface Nearby {
  /** All that there is, in every Region that answered. */
  readonly all: readonly Located[];
  /** Those of the very name. */
  readonly same: readonly Located[];
  readonly otherRegions: number;
  readonly unread: number;
}

async function nearbyOf(things: Things, { name, region }: Wanted, aws: Aws): Promise<Nearby> {
  const others = likelyRegions(region).filter((other) => other !== region);
  const [known, same] = await Promise.all([
    askedOf([region, ...others], aws, things.all),
    askedOf([region, ...others], aws, (there) => things.called(name, there)),
  ]);
  return {
    all: known.answers.flatMap(({ region: where, is }) => is.map((one) => ({ ...one, region: where }))),
    same: same.answers.flatMap(({ region: where, is }) => (is === undefined ? [] : [{ ...is, region: where }])),
    otherRegions: same.answers.filter((one) => one.region !== region).length,
    unread: same.unread.filter((one) => one.region !== region).length,
  };
}

/** What follows on "there is no load balancer named webb in us-east-1". */
function hintIn({ name, region, byOption }: Wanted, { all, same, otherRegions, unread }: Nearby): string {
  const here = same.find((one) => one.region === region);
  if (here !== undefined) return `; one named ${name} is there now: ask for ${here.arn}`;
  const [first] = same;
  const near = nearIn(name, region, all);
  const hint = near && `did you mean ${near}?`;
  if (first !== undefined) {
    const instead = byOption ? `add --region ${first.region}` : `ask for ${first.arn}`;
    const regions = same.map((one) => one.region);
    return `; one of that name is in ${listed(regions, 'and')}: ${instead}${hint === undefined ? '' : `, or ${hint}`}`;
  }
  const elsewhere = otherRegions === 0 ? '' : `in ${otherRegions} other Region${otherRegions === 1 ? '' : 's'}`;
  const left = unread === 0 ? '' : ` (${unread} more could not be read)`;
  if (hint !== undefined) return `: ${hint}${elsewhere && ` None is named ${name} ${elsewhere}${left}.`}`;
  return `${elsewhere && `, nor ${elsewhere}`}${left}: check the name, the Region and the account`;
}

/** Those a letter or two away or, where there is none, those that begin so; of the Region asked, before those of others. */
function nearIn(name: string, region: string, all: readonly Located[]): string | undefined {
  const others = all.filter((one) => one.name !== name);
  const here = others.filter((one) => one.region === region);
  const elsewhere = others.filter((one) => one.region !== region);
  for (const near of [nearTo, begunBy]) {
    for (const some of [here, elsewhere]) {
      const names = near(name, [...new Set(some.map((one) => one.name))]);
      const found = names.map((each) => {
        const regions = some.filter((one) => one.name === each).map((one) => one.region);
        return `${each} (${listed([...new Set(regions)], 'and')})`;
      });
      if (found.length > 0) return listed(found, 'or');
    }
  }
  return undefined;
}

/** Half a name was typed. Of one letter, it is anything. */
function begunBy(written: string, known: readonly string[]): readonly string[] {
  const begun = known.filter((name) => name.toLowerCase().startsWith(written.toLowerCase()) && name !== written);
  return written.length < 2 ? [] : [...begun].sort().slice(0, 3);
}

/** Credentials show the load balancers of their own account only. */
function otherAccount(arn: string, { all }: Nearby, trigger: string): string | undefined {
  const asked = arnIn(arn)?.accountId;
  const own = arnIn(all[0]?.arn ?? '')?.accountId;
  if (!asked || !own || asked === own) return undefined;
  const instead = trigger === 'cli' ? 'choose a profile of that account (--profile)' : 'ask in that account';
  return `${arn} is of the account ${asked}, and the credentials are of ${own}: ${instead}`;
}
