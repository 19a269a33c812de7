import type { Time } from './text.ts';

/** What intake reads out of an event or a command line, before AWS was asked anything. */
export interface Request {
  readonly about: Reference;
  /** The moment asked about; `null` for now, by AWS's clock. */
  readonly at: Time | null;
  readonly windowSeconds: number;
  /** Nobody said how long: where AWS knows the periods of the alarm that is named, the window holds them. */
  readonly widens?: true;
  readonly trigger: Trigger;
  /** What people call the account, where a setting says. */
  readonly accountName?: string;
  readonly beyond?: Beyond;
}

/** Evidence beyond AWS's control plane, each off unless somebody asks for it. */
export interface Beyond {
  /** The load balancer's own logs. `places`: where they are besides what AWS says, as `s3://bucket/prefix` or a log group. */
  readonly logs?: { readonly places: readonly string[] };
}

/** How the asker names the load balancer. All but the first take a call to resolve. */
export type Reference =
  | { readonly by: 'arn'; readonly arn: string }
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'dns'; readonly dnsName: string }
  | { readonly by: 'target-group'; readonly arn: string }
  /** A composite alarm's children, or an alarm given by hand: names or ARNs. */
  | { readonly by: 'alarm'; readonly alarms: readonly string[] };

/** What asked. */
export interface Trigger {
  readonly kind: 'alarm' | 'manual' | 'widget' | 'cli' | 'second-look';
  readonly at: Time | null;
  readonly alarmName?: string;
  readonly alarmArn?: string;
  readonly alarmDescription?: string;
  /** ALARM, OK. */
  readonly state?: string;
  readonly reason?: string;
  readonly previousState?: string;
  /** When the state before this one began: what tells how long the alarm lasted. */
  readonly previousStateAt?: Time;
  /** Of an alarm over several time series: which of them went off, by what its query groups by. */
  readonly contributor?: Readonly<Record<string, string>>;
  /** What the alarm measured, where the event says: metric name and the datapoints it judged. */
  readonly metrics?: readonly string[];
  readonly datapoints?: readonly { readonly at: Time | null; readonly value: number }[];
}

/** The load balancer, by what its ARN says. */
export interface Subject {
  readonly arn: string;
  /** `app/web/50dc6c495c0c9188`: the value of the CloudWatch dimension. */
  readonly dimension: string;
  readonly name: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** What people call the account, where a setting says. */
  readonly accountName?: string;
}

/** A request whose load balancer and moment are known: what collectors work from. */
export interface Question {
  readonly subject: Subject;
  /** The moment that is judged: the one asked about or, in a long window whose errors ended long before, their end. */
  readonly at: Time;
  /** The window that is judged, minute by minute. */
  readonly window: Window;
  /** The window asked about, where that is longer. */
  readonly asked?: Window;
  readonly trigger: Trigger;
  readonly beyond?: Beyond;
}

export interface Window {
  readonly from: Time;
  readonly to: Time;
}

/** The minutes of metrics asked for: 3 h before the moment, so that onset and baseline are seen. */
export const METRIC_MINUTES = 180;
