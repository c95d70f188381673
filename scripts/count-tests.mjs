// Prints `N passed, N failed` from the test run's own report, as the last line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

try {
  const report = JSON.parse(readFileSync(join(import.meta.dirname, '../test-results/results.json'), 'utf8'));
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken} failed`);
} catch {
  console.error('The tests did not run: lint or type check failed, or the run broke off.');
  console.log('0 passed, 1 failed');
}
