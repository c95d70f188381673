import { expect, it } from 'vitest';
import { MissingWorkers } from '../../../../src/queue/plugins/recovery/missing-workers.js';

it('takes a worker for dead after it was missing for the whole grace', () => {
  const workers = new MissingWorkers(90);
  expect(workers.look(['a', null], 0)).toEqual({ dead: [], waitMs: 90 });
  expect(workers.look(['a', 'b', null], 60)).toEqual({ dead: [], waitMs: 30 });
  expect(workers.look(['a', 'b', null], 90)).toEqual({ dead: ['a', null], waitMs: 60 });
  expect(workers.look(['b'], 150)).toEqual({ dead: ['b'], waitMs: Infinity });
});

it('begins anew with one that has been seen meanwhile', () => {
  const workers = new MissingWorkers(90);
  workers.look(['a'], 0);
  workers.look([], 60);
  expect(workers.look(['a'], 100)).toEqual({ dead: [], waitMs: 90 });
});

it('begins anew with all of them after a break', () => {
  const workers = new MissingWorkers(90);
  workers.look(['a'], 0);
  workers.forget();
  expect(workers.look(['a'], 100)).toEqual({ dead: [], waitMs: 90 });
});
