// Reads a browser's trace: how much a page's main thread did for each frame.
const TASK = 'ThreadControllerImpl::RunTask'

export const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline.frame']

/** Milliseconds of processor time that the page's main thread took between one frame and the next. */
export function workOfFrames(events) {
  const own = mainThreadOf(events)
  const starts = own.filter(({ name }) => name === 'BeginMainThreadFrame').map(({ ts }) => ts).sort((one, two) => one - two)
  const work = Array(Math.max(0, starts.length - 1)).fill(0)
  for (const { name, ts, dur, tdur } of own) {
    if (name !== TASK) continue
    const place = starts.findLastIndex((begun) => begun <= ts + dur)
    if (place >= 0 && place < work.length) work[place] += (tdur ?? dur) / 1000
  }
  return work
}

/** The thread that draws most. */
function mainThreadOf(events) {
  const drawn = new Map()
  for (const { name, pid, tid } of events) {
    if (name === 'FireAnimationFrame') drawn.set(`${pid}/${tid}`, (drawn.get(`${pid}/${tid}`) ?? 0) + 1)
  }
  const [busiest] = [...drawn].sort(([, one], [, two]) => two - one)
  if (!busiest) throw new Error('The trace holds no frames')
  return events.filter(({ pid, tid }) => `${pid}/${tid}` === busiest[0])
}

export function percentile(values, share) {
  return values.toSorted((one, two) => one - two)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
}
