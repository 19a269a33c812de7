import type { ChangeDetails, FunctionChange } from '../incident/evidence.ts';
import { inTable } from '../incident/in-table.ts';
import { type RecordPart, textAt } from './trail-record.ts';

/** Lambda's records carry the date of its API in the name of the call: `UpdateFunctionCode20150331v2`. */
export function functionChange(event: string, asked: RecordPart): ChangeDetails {
  const does = inTable(BY_CALL, event.replace(/\d{8}(v\d+)?$/, ''));
  const of = textAt(asked, 'functionName');
  if (does === undefined || of === undefined) return { is: 'other' };
  const [, name = of] = /:function:([^:]+)/.exec(of) ?? [];
  return {
    is: 'function',
    does,
    of: name,
    name: textAt(asked, 'name') ?? textAt(asked, 'statementId') ?? null,
    value: textAt(asked, 'functionVersion') ?? textAt(asked, 'reservedConcurrentExecutions') ?? null,
  };
}

const BY_CALL: Readonly<Record<string, FunctionChange>> = {
  UpdateFunctionCode: 'updates-code',
  UpdateFunctionConfiguration: 'configures',
  PublishVersion: 'publishes',
  CreateAlias: 'sets-alias',
  UpdateAlias: 'sets-alias',
  DeleteAlias: 'deletes-alias',
  AddPermission: 'admits',
  RemovePermission: 'withdraws',
  PutFunctionConcurrency: 'limits',
  DeleteFunctionConcurrency: 'unlimits',
  DeleteFunction: 'deletes',
};
