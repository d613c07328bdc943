import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STEPS } from '../../policies/index.js';
import { codeOf, errorFields, pickFields, type LogFields } from './log-fields.js';
import { openLogger, type Logger } from './logger.js';

const RECORD = 'Maria Vogel, born 1971-04-02, maria.vogel@example.org, 4111 1111 1111 1111';

function linesOf(write: (logger: Logger) => void): string {
  let text = '';
  write(openLogger('worker', { level: 'trace' }, { write: (line: string) => void (text += line) }));
  return text;
}

/** The places at which a record's text could come in. */
const PLANTS: readonly (readonly [string, (logger: Logger, secret: string) => void])[] = [
  [
    'a listed field',
    (logger, secret) => {
      logger.write('info', 'stepDone', { runId: secret, step: secret, code: secret });
    },
  ],
  [
    'a field that is not listed',
    (logger, secret) => {
      logger.write('info', 'stepDone', { text: secret } as LogFields);
    },
  ],
  [
    "an error's message",
    (logger, secret) => {
      logger.write('warn', 'activityEnded', {}, new Error(secret));
    },
  ],
  [
    "an error's code and cause",
    (logger, secret) => {
      const error = Object.assign(new Error('x', { cause: new Error(secret) }), { code: secret });
      logger.write('warn', 'activityEnded', {}, error);
    },
  ],
  [
    "an error's name",
    (logger, secret) => {
      logger.write('warn', 'activityEnded', {}, Object.assign(new Error('x'), { name: secret }));
    },
  ],
  [
    "a failure's type and details",
    (logger, secret) => {
      const type = secret;
      const error = ApplicationFailure.create({ message: secret, type, details: [secret] });
      logger.write('warn', 'activityEnded', {}, error);
    },
  ],
  [
    "a foreign logger's message",
    (logger, secret) => {
      logger.temporal.warn(secret);
    },
  ],
  [
    'the end of a known message',
    (logger, secret) => {
      logger.temporal.error(`Error while processing ActivityTask.start: ${secret}`);
    },
  ],
  [
    'the metadata of a foreign logger',
    (logger, secret) => {
      logger.temporal.log('ERROR', 'Worker failed', {
        ...{ error: new TypeError(secret), workflowId: secret, details: { deep: [secret] } },
      });
    },
  ],
];

describe('a record in a log line', () => {
  it('would be found', () => {
    const text = linesOf((logger) => {
      logger.write('info', 'stepDone', { attempt: 4111 });
    });
    expect(text).toContain('4111');
  });

  it.each(PLANTS)('does not get out through %s', (_place, plant) => {
    const text = linesOf((logger) => {
      plant(logger, RECORD);
    });
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(1);
    for (const word of RECORD.split(/[\s,]+/)) expect(text).not.toContain(word);
  });

  it('does not get out through any field, whatever it is', () => {
    const secret = fc.string({ minLength: 1 }).map((text) => `Vogel ${text}`);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), secret), (values) => {
        expect(JSON.stringify(pickFields(values))).not.toContain('Vogel');
      }),
    );
  });
});

describe('a log line', () => {
  it('is JSON with time, level, component and the listed fields', () => {
    const fields = {
      ...{ runId: 'demo-sample-20261124T020048-224b', step: STEPS.train.name, attempt: 2 },
      ...{ digest: `sha256:${'a'.repeat(64)}`, queue: 'train', queueMs: 3, durationMs: 1.5 },
      ...{ outcome: 'failed', code: 'STORE_FULL' },
    };
    const line = JSON.parse(
      linesOf((logger) => {
        logger.write('warn', 'activityEnded', fields);
      }),
    ) as unknown;
    expect(line).toMatchObject({
      ...fields,
      level: 'warn',
      component: 'worker',
      msg: 'an activity ended',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
  });

  it('names what Temporal names in our words', () => {
    const text = linesOf((logger) => {
      logger.temporal.info('Activity completed', {
        ...{ activityType: STEPS.train.name, taskQueue: 'train', sdkComponent: 'worker' },
      });
    });
    expect(JSON.parse(text)).toMatchObject({
      ...{ step: STEPS.train.name, queue: 'train', msg: 'Activity completed' },
    });
    // A name that stands twice in a line is read by each reader in its own way.
    expect(text.match(/"component"/g)).toHaveLength(1);
  });

  it.each([
    [new RangeError('x'), { error: 'RangeError' }, 'OTHER'],
    [
      Object.assign(new Error('x'), { code: 'ENOSPC' }),
      { error: 'Error', code: 'ENOSPC' },
      'ENOSPC',
    ],
    [
      ApplicationFailure.create({ message: 'x', type: 'STORE_FULL' }),
      { error: 'ApplicationFailure', code: 'STORE_FULL' },
      'STORE_FULL',
    ],
    ['text', { error: 'UnknownError' }, 'OTHER'],
  ])('tells class and code of %s', (error, fields, code) => {
    expect(errorFields(error)).toEqual(fields);
    expect(codeOf(error)).toBe(code);
  });
});
