/** Somebody pressed Ctrl-C, or the service manager asked us to end: the command ends with 130 and says nothing more. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}
