/** A Python pattern that JavaScript cannot match in the same way, or that Python would refuse too. */
export class PatternFault extends Error {}
