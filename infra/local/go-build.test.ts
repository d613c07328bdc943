import { describe, expect, it } from 'vitest';
import { checkModules, failureMessage } from './go-build.js';
import { PINNED_SERVERS } from './versions.js';

const server = PINNED_SERVERS.temporal;
const main = `\tmod\t${server.module}\t${server.moduleVersion}\t${server.moduleSum}`;
const goSum = [
  'example.com/a v1.0.0 h1:aaa=',
  'example.com/a v1.0.0/go.mod h1:not-this=',
  'example.com/fork v2.0.0 h1:fff=',
].join('\n');

describe('checkModules', () => {
  it('accepts a binary whose modules all stand in go.sum', () => {
    const info = ['x: go1.26.8', main, '\tdep\texample.com/a\tv1.0.0\th1:aaa='].join('\n');
    expect(() => {
      checkModules(server, info, goSum);
    }).not.toThrow();
  });

  // `go version -m` prints a replaced module without a sum, then the replacement with one.
  it('looks at the replacement of a replaced module', () => {
    const replaced = ['\tdep\texample.com/b\tv1.0.0', '\t=>\texample.com/fork\tv2.0.0\th1:fff='];
    expect(() => {
      checkModules(server, [main, ...replaced].join('\n'), goSum);
    }).not.toThrow();
  });

  it.each([
    ['another sum', [main, '\tdep\texample.com/a\tv1.0.0\th1:bbb=']],
    ['another version', [main, '\tdep\texample.com/a\tv1.0.1\th1:aaa=']],
    ['the sum of its go.mod', [main, '\tdep\texample.com/a\tv1.0.0\th1:not-this=']],
    ['a module without a sum', [main, '\tdep\texample.com/a\tv1.0.0']],
    ['a replacement by a folder', [main, '\tdep\texample.com/b\tv1.0.0', '\t=>\t./b\t(devel)\t']],
    ['no modules', [main]],
    ['another main module', [main.replace('h1:', 'h1:x'), '\tdep\texample.com/a\tv1.0.0\th1:aaa=']],
    ['no main module', ['\tdep\texample.com/a\tv1.0.0\th1:aaa=']],
  ])('refuses %s', (_, lines) => {
    expect(() => {
      checkModules(server, lines.join('\n'), goSum);
    }).toThrow(expect.objectContaining({ code: 'BUILD_FAILED' }) as Error);
  });
});

describe('failureMessage', () => {
  const args = ['install', '-v'];

  it('tells what went wrong, not which package was compiled last', () => {
    const stderrTail = 'example.com/a\na/b.go:3:1: undefined: x\nexample.com/minio/internal/init';
    expect(failureMessage(server, args, { status: 1, stderrTail })).toContain(
      '(exit status 1): a/b.go:3:1: undefined: x.',
    );
  });

  it('tells that a signal ended it', () => {
    expect(failureMessage(server, args, { status: null, stderrTail: 'example.com/a' })).toContain(
      '(a signal ended it): it said no more.',
    );
  });
});
