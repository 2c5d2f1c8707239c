export const destinations = {
  title: 'Destinations',
  none: {
    title: 'Nothing is delivered yet',
    next: 'Name a destination in the configuration, DataKit for example: what is read goes there from then on.',
  },
  states: {
    starting: 'starting',
    idle: 'up to date',
    delivering: 'delivering',
    retrying: 'does not take batches',
    failed: 'cannot be opened',
    stopping: 'stopping',
    stopped: 'stopped',
  },
  delivered: 'Delivered since the start',
  waiting: 'Waiting',
  oldest: 'Oldest unsent',
  deadLetters: 'Dead letters',
  nothingYet: 'Nothing was delivered since the start.',
  lastDelivered: 'Last delivered {{ago}}.',
};
