const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// XML knows no control characters, not even escaped ones.
export const xml = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '?').replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? '')

export type JunitCase = { classname: string; name: string; failure?: string }

const caseOf = ({ classname, name, failure }: JunitCase): string => {
  const open = `    <testcase classname="${xml(classname)}" name="${xml(name)}"`
  return failure === undefined ? `${open}/>` : `${open}>\n      <failure message="${xml(failure)}"/>\n    </testcase>`
}

/** The report that build servers read. */
export const junitOf = (suite: string, cases: readonly JunitCase[]): string => {
  const failures = cases.filter(({ failure }) => failure !== undefined).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts}>`,
    ...cases.map(caseOf),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
