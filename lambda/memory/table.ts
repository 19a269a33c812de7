import type { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { NOTHING_SAID, type Talk, talkIn } from '../conversation/index.ts';
import type { Time } from '../incident/text.ts';
import { CLIENT, within } from './within.ts';

/** A message that is on its way: where it never arrives, what was said before it holds. */
interface Claim {
  readonly by: string;
  readonly at: Time;
  readonly undo: Talk;
}

export interface Remembered {
  readonly talk: Talk;
  readonly claim?: Claim;
  /** How often it was written; 0 where nothing is remembered. */
  readonly version: number;
}

export const TABLE_ACTIONS: readonly string[] = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];

/** Who reads AWS for a load balancer, and until when nobody else does; in milliseconds. */
export interface Lease {
  readonly by: string;
  readonly now: number;
  readonly until: number;
}

/** What was remembered as it was asked for; where another holds it, until when. */
export interface Leased extends Remembered {
  readonly heldUntil?: number;
}

/** One item a load balancer, by its incidentKey; one for the turns of an account in a Region. Each write of what was said says which version it follows on, and fails where that is none any more. */
export interface Table {
  read(key: string): Promise<Remembered>;
  /** `false`: another was faster. `leased`: the lease stays as it is. */
  write(key: string, next: Remembered, now: Time, leased?: 'leased'): Promise<boolean>;
  lease(key: string, lease: Lease): Promise<Leased>;
  /** So many milliseconds more of what is shared, from now or from where it is shared out already; until when that is. */
  share(key: string, ms: number, now: number): Promise<number>;
}

/** Longer than recurrence is counted. AWS removes what has expired days later, and nothing relies on it. */
const KEPT_SECONDS = 35 * 86_400;

const sdk = () => import('./sdk/dynamodb.ts');

const clients = new Map<string, Promise<DynamoDBClient>>();

function clientAt(region: string | undefined): Promise<DynamoDBClient> {
  const key = region ?? '';
  const known = clients.get(key);
  if (known !== undefined) return known;
  const made = sdk().then(
    ({ DynamoDBClient }) => new DynamoDBClient({ ...CLIENT, ...(region === undefined ? {} : { region }) }),
  );
  clients.set(key, made);
  made.catch(() => clients.delete(key));
  return made;
}

/** By its name, in the function's own Region, or by its ARN. */
export function openTable(name: string): Table {
  const region = /^arn:[^:]+:dynamodb:([^:]+):/.exec(name)?.[1];
  return {
    async read(key) {
      const [client, { GetItemCommand }] = await Promise.all([clientAt(region), sdk()]);
      const input = { TableName: name, Key: { pk: { S: key } }, ConsistentRead: true };
      const { Item } = await within((abortSignal) => client.send(new GetItemCommand(input), { abortSignal }));
      return rememberedIn(Item?.state?.S, Number(Item?.version?.N ?? 0));
    },

    async write(key, { version, talk, claim }, now, leased) {
      const { Attributes } = await update(key, {
        UpdateExpression: `SET version = :next, #state = :state, expiresAt = :expiresAt${leased ? '' : ' REMOVE leaseBy, leaseUntil'}`,
        ConditionExpression: version === 0 ? 'attribute_not_exists(version)' : 'version = :before',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':next': { N: String(version + 1) },
          ':state': { S: JSON.stringify({ talk, claim }) },
          ':expiresAt': expiresAfter(Date.parse(now)),
          ...(version === 0 ? {} : { ':before': { N: String(version) } }),
        },
      });
      return Attributes !== undefined;
    },

    async lease(key, { by, now, until }) {
      const { Attributes, Item } = await update(key, {
        UpdateExpression: 'SET leaseBy = :by, leaseUntil = :until, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseBy = :by',
        ExpressionAttributeValues: {
          ':by': { S: by },
          ':now': { N: String(now) },
          ':until': { N: String(until) },
          ':expiresAt': expiresAfter(now),
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const { state, version, leaseUntil } = Attributes ?? Item ?? {};
      const remembered = rememberedIn(state?.S, Number(version?.N ?? 0));
      return Attributes === undefined ? { ...remembered, heldUntil: Number(leaseUntil?.N ?? now) } : remembered;
    },

    async share(key, ms, now) {
      const fresh = await update(key, {
        UpdateExpression: 'SET sharedUntil = :until, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(sharedUntil) OR sharedUntil < :now',
        ExpressionAttributeValues: {
          ':now': { N: String(now) },
          ':until': { N: String(now + ms) },
          ':expiresAt': expiresAfter(now),
        },
      });
      if (fresh.Attributes !== undefined) return now + ms;
      const { Attributes } = await update(key, {
        UpdateExpression: 'SET sharedUntil = sharedUntil + :ms',
        ExpressionAttributeValues: { ':ms': { N: String(ms) } },
        ReturnValues: 'UPDATED_NEW',
      });
      return Number(Attributes?.sharedUntil?.N ?? now + ms);
    },
  };

  /** `Attributes` where it was written, `Item` where the condition did not hold and it was asked for. */
  async function update(key: string, input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) {
    const [client, { UpdateItemCommand }] = await Promise.all([clientAt(region), sdk()]);
    const command = new UpdateItemCommand({ TableName: name, Key: { pk: { S: key } }, ...input });
    try {
      const { Attributes = {} } = await within((abortSignal) => client.send(command, { abortSignal }));
      return { Attributes, Item: undefined };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      return { Attributes: undefined, Item: (error as ConditionalCheckFailedException).Item };
    }
  }
}

function expiresAfter(now: number) {
  return { N: String(Math.floor(now / 1000) + KEPT_SECONDS) };
}

/** What cannot be read as what we wrote is as if nothing had been said: at the worst, something is told once too often. */
function rememberedIn(state: string | undefined, version: number): Remembered {
  const { talk, claim } = jsonIn(state);
  const said = talkIn(talk) ?? NOTHING_SAID;
  const undo = talkIn(claim?.undo);
  const isClaim = typeof claim?.by === 'string' && typeof claim.at === 'string' && undo !== undefined;
  return { talk: said, version, ...(isClaim ? { claim: { by: claim.by, at: claim.at, undo } } : {}) };
}

interface Written {
  readonly talk?: unknown;
  readonly claim?: { readonly by?: unknown; readonly at?: unknown; readonly undo?: unknown };
}

function jsonIn(state: string | undefined): Written {
  try {
    const value: unknown = JSON.parse(state ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
