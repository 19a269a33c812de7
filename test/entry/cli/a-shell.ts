import type { findChoices } from '../../../lambda/collect/index.ts';
import { run } from '../../../lambda/entry/cli/program.ts';
import type { Shell, Stream } from '../../../lambda/entry/cli/shell.ts';
import type { Triage } from '../../../lambda/entry/cli/triage.ts';
import type { Request } from '../../../lambda/incident/question.ts';
import type { Message } from '../../../lambda/render/message.ts';

/** A shell in which nothing is a terminal and AWS answers with what a test gives. */
export interface Surroundings {
  readonly env?: Shell['env'];
  readonly stdin?: string | Uint8Array;
  readonly terminal?: boolean;
  /** Whether that would make links. */
  readonly hyperlinks?: boolean;
  readonly incidents?: URL;
  readonly causes?: URL;
  readonly triage?: Triage;
  readonly refuses?: Error;
  /** How the credentials of a profile are had. */
  readonly credentials?: string;
  /** What the account has, where somebody may choose. */
  readonly found?: Partial<Awaited<ReturnType<typeof findChoices>>>;
  readonly pick?: Shell['pick'];
}

/** What a command line did. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly { readonly request: Request; readonly options: object }[];
  readonly published: readonly { readonly message: Message; readonly topicArn: string }[];
}

export async function outcomeOf(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = {}, stdin = '', terminal = false } = surroundings;
  const [stdout, stderr] = [recorder(terminal), recorder(terminal)];
  const asked: { request: Request; options: object }[] = [];
  const published: { message: Message; topicArn: string }[] = [];
  const aws = {
    PUBLISH_ACTIONS: ['sns:Publish', 'kms:GenerateDataKey', 'kms:Decrypt'],
    permissionsBeyond: () => [{ actions: ['s3:GetObject'], resource: 'arn:*:s3:::web-logs/alb/*' }],
    PERMISSIONS: [
      { actions: ['elasticloadbalancing:DescribeLoadBalancers', 'ec2:DescribeInstances'], resource: '*' },
      { actions: ['cloudwatch:DescribeAlarms'], resource: 'arn:*:cloudwatch:*:*:alarm:*' },
    ],
    openAws: (options: object) => options,
    checkPlace: async () => {},
    credentialsSaid: async () => surroundings.credentials,
    findChoices: async () => ({ choices: [], read: [], unread: [], ...surroundings.found }),
    triage: async (request: Request, options: object) => {
      asked.push({ request, options });
      if (surroundings.triage === undefined) throw new Error('this test did not expect AWS to be asked');
      return surroundings.triage;
    },
    publish: async (message: Message, topicArn: string) => {
      if (surroundings.refuses !== undefined) throw surroundings.refuses;
      published.push({ message, topicArn });
      return 'id';
    },
  };
  const status = await run(argv, {
    env,
    stdout,
    stderr,
    stdin: async () => (typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    hyperlinks: surroundings.hyperlinks ?? false,
    ...(surroundings.pick === undefined ? {} : { pick: surroundings.pick }),
    // The session is opaque to the command line: it only hands it on.
    aws: async () => aws as unknown as Awaited<ReturnType<Shell['aws']>>,
    incidents: surroundings.incidents ?? new URL('file:///nowhere/'),
    causes: surroundings.causes ?? new URL('../../../lambda/causes/', import.meta.url),
  });
  return { status, stdout: stdout.written(), stderr: stderr.written(), asked, published };
}

function recorder(isTTY: boolean): Stream & { written(): string } {
  const written: string[] = [];
  return { isTTY, columns: 80, write: (text) => written.push(text), written: () => written.join('') };
}
