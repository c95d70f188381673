import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { connectionErrorText, isConnectionError } from '../../../src/queue/database/connection-error.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isConnectionError', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOENT',
    'ETIMEDOUT',
    'ENOTFOUND',
    '57P01',
    '57P02',
    '57P03',
    '08006',
    '08P01',
    '53300',
  ])('is true for %s', (code) => {
    expect(isConnectionError(coded(code))).toBe(true);
  });

  it.each(['23505', '42P01', '22P02', '57014', '40001', 'EACCES', '0800'])('is false for %s', (code) => {
    expect(isConnectionError(coded(code))).toBe(false);
  });

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
  ])('knows pg’s words “%s”', (message) => {
    expect(isConnectionError(new Error(message))).toBe(true);
  });

  it('looks into causes and lists, and needs all of a list', () => {
    expect(isConnectionError(new Error('x', { cause: coded('ECONNRESET') }))).toBe(true);
    expect(isConnectionError(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]))).toBe(true);
    expect(isConnectionError(new AggregateError([coded('ECONNREFUSED'), coded('23505')]))).toBe(false);
    expect(isConnectionError(new AggregateError([]))).toBe(false);
    expect(isConnectionError(new SpoolgateError('DATABASE_UNREACHABLE'))).toBe(true);
  });

  it('is false for what is no error', () => {
    for (const value of [undefined, null, 'ECONNREFUSED', { code: '08006' }])
      expect(isConnectionError(value)).toBe(false);
  });
});

describe('connectionErrorText', () => {
  it('has the words of each address that was tried', () => {
    expect(connectionErrorText(new AggregateError([new Error('a'), new Error('b')]))).toBe('a; b');
    expect(connectionErrorText(new Error('c'))).toBe('c');
  });
});
