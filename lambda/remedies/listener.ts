import { code, type Text, type Time, text } from '../incident/text.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';
import { whoCalled } from './look.ts';
import { curl, look, type Remedy } from './remedy.ts';

/** Who changed, in the hour before errors, what is done with requests before they reach a target. */
export function whoChangedRouting(event: string, onset: Time, does?: Text): Remedy {
  return look(
    does ?? text`see whether ${code(event)} was called before the errors, and by whom`,
    whoCalled(event, plusSeconds(onset, -3600)),
  );
}

/** Whether identity providers answer. The domain of a Cognito user pool may be written as its prefix only. */
export function lookAtProviders(hosts: readonly string[]): readonly Remedy[] {
  return hosts
    .filter((host) => host.includes('.'))
    .slice(0, 2)
    .map((host) => look(text`see whether ${code(host)} answers at all, from outside`, curl(`https://${host}/`)));
}
