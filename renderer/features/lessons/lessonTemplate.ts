/** What New lesson begins with: every kind of question once, ready to be changed. */
export const lessonTemplate = `# A lesson. docs/lessons.md says what a page may hold; the preview beside it follows what you write.
format: 1
title: My lesson
summary: What one knows afterwards, in one sentence.
minutes: 5

runs:
  hiso:
    preset: quadratic-low-rank
    set: { name: my-lesson-hiso, federation: { rounds: 200 } }
  decomfl:
    of: hiso
    set: { name: my-lesson-decomfl, method: { name: decomfl } }

pages:
  - title: A page
    text: |
      Words in *Markdown*, with formulas such as $x \\leftarrow x - \\eta \\Delta$.

      What a run really gave: {{totalBytes hiso}} in {{rounds hiso}} rounds.
    show: { view: watch, runs: [hiso], charts: [loss, cumulativeBytes] }
    checkpoint: true

  - title: A question before the truth
    text: Everything below is hidden until a prediction is made.
    show: { view: compare, runs: [hiso, decomfl] }
    question:
      kind: curve
      ask: How will the test loss of DeComFL fall?
      answer: { curve: testLoss, run: decomfl }
      from: 0
      to: 1
      because: It ended at {{testLoss decomfl}}, HiSo at {{testLoss hiso}}.
`
