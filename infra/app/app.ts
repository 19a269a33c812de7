import { Annotations, App, Stack, Validations } from 'aws-cdk-lib';
import { Refusal } from '../construct/refusal.ts';
import { InvalidContext, UnknownContext } from './context.ts';
import { settingsIn } from './settings.ts';
import { TriageStack } from './triage-stack.ts';

const app = new App();
try {
  const settings = settingsIn((name) => app.node.tryGetContext(name), Object.keys(app.node.getAllContext()));
  new TriageStack(app, 'AlbTriage', settings);
} catch (error) {
  if (!(error instanceof InvalidContext || error instanceof UnknownContext || error instanceof Refusal)) throw error;
  app.node.tryRemoveChild('AlbTriage');
  // An error upon an empty stack stops synth, diff and deploy; bootstrap and destroy need no settings.
  const stackName = app.node.tryGetContext('stackName');
  const empty = new Stack(app, 'AlbTriage', typeof stackName === 'string' ? { stackName } : {});
  Annotations.of(empty).addError(error.message);
  Validations.of(empty).acknowledge({ id: 'CloudFormation-Validate::F0001', reason: 'It is empty, and says why.' });
}
