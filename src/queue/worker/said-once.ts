type Topic = 'malformed' | 'ignored' | 'failed';

/** What has been said of each queue, so that a reading every few seconds does not say it each time. */
export class SaidOnce {
  readonly #said = new Map<string, Map<Topic, string>>();

  /** Calls `say` unless this was the last thing said on the topic. */
  say(topic: Topic, queue: string, text: string, say: () => void): void {
    const topics = this.#said.get(queue) ?? new Map<Topic, string>();
    this.#said.set(queue, topics);
    if (topics.get(topic) === text) return;
    topics.set(topic, text);
    say();
  }

  /** It is as it should be again: the next time is worth saying. */
  forget(topic: Topic, queue: string): void {
    this.#said.get(queue)?.delete(topic);
  }

  /** Forgets queues that are gone. */
  keepOnly(queues: ReadonlySet<string>): void {
    for (const queue of this.#said.keys()) if (!queues.has(queue)) this.#said.delete(queue);
  }
}
