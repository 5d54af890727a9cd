const { appendFileSync } = require('node:fs')
const { reporters, Runner } = require('mocha')

const { EVENT_TEST_BEGIN, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Runner.constants
const STATES = { [EVENT_TEST_BEGIN]: 'begun', [EVENT_TEST_PASS]: 'passed', [EVENT_TEST_FAIL]: 'failed', [EVENT_TEST_PENDING]: 'skipped' }

/**
 * The usual report for people, and for the runner one JSON line per event in the file named by PERGOLA_REPORT: written at once, so
 * that a suite which hangs or is killed still counts what it did and shows in which test it stuck.
 */
module.exports = class Report extends reporters.Spec {
  constructor (runner, options) {
    super(runner, options)
    const file = process.env.PERGOLA_REPORT

    if (file == null) {
      return
    }

    for (const [event, state] of Object.entries(STATES)) {
      runner.on(event, test => appendFileSync(file, `${JSON.stringify({ state, title: test.fullTitle() })}\n`))
    }
  }
}
