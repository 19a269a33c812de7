import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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

export const TABLE_ACTIONS: readonly string[] = ['dynamodb:GetItem', 'dynamodb:PutItem'];

/** One item a load balancer, by its incidentKey. Each write says which version it follows on, and fails where that is none any more. */
export interface Table {
  read(key: string): Promise<Remembered>;
  /** `false`: another was faster. */
  write(key: string, next: Remembered, now: Time): Promise<boolean>;
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

    async write(key, { version, talk, claim }, now) {
      const [client, { PutItemCommand }] = await Promise.all([clientAt(region), sdk()]);
      const expiresAt = Math.floor(Date.parse(now) / 1000) + KEPT_SECONDS;
      const command = new PutItemCommand({
        TableName: name,
        Item: {
          pk: { S: key },
          version: { N: String(version + 1) },
          state: { S: JSON.stringify({ talk, claim }) },
          expiresAt: { N: String(expiresAt) },
        },
        ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :before',
        ...(version === 0 ? {} : { ExpressionAttributeValues: { ':before': { N: String(version) } } }),
      });
      try {
        await within((abortSignal) => client.send(command, { abortSignal }));
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },
  };
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
