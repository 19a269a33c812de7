import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { openAws } from '../collect/index.ts';
import { publish } from '../deliver/sns.ts';
import { regionOf } from '../intake/index.ts';
import { type Answer, answer, type Services } from './answer.ts';
import { triage } from './cli/triage.ts';
import { functionSettings } from './function-settings.ts';

const logger = new Logger({ serviceName: 'alb-triage' });

/** What Lambda calls, with an alarm's event or with a request by hand. */
export async function handler(
  event: unknown,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<Answer | readonly Answer[]> {
  const started = performance.now();
  logger.appendKeys({ requestId: context.awsRequestId });
  const services: Services = {
    settings: functionSettings(process.env),
    remainingMs: () => context.getRemainingTimeInMillis(),
    triage: async (request, budgetMs) => {
      const region = regionOf(request.about);
      const aws = openAws({ budgetMs, ...(region === null ? {} : { region }) });
      return (await triage(request, aws)).diagnosis;
    },
    publish: (message, topicArn, { incidentKey, fingerprint, kind, trigger, collectedAt }) =>
      publish(message, topicArn, { incidentKey, fingerprint: `${fingerprint} ${kind}`, at: trigger.at ?? collectedAt }),
    log: (level, message, facts) =>
      logger[level](message, { ...facts, durationMs: Math.round(performance.now() - started) }),
  };
  return answer(event, services);
}
