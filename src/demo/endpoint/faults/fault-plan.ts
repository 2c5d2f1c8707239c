import { type PageShape, PLAIN_PAGE } from '../page-shape.ts';
import {
  type DeliveryFault,
  type Fault,
  type InsteadFault,
  isDeliveryFault,
  isPageFault,
  type PageFault,
} from './fault.ts';

/** What the faults drawn for one request make of it. */
export interface FaultPlan {
  readonly instead: InsteadFault | undefined;
  readonly page: PageShape;
  readonly delivery: readonly DeliveryFault[];
}

export const NO_FAULTS: FaultPlan = { instead: undefined, page: PLAIN_PAGE, delivery: [] };

export function planFaults(drawn: readonly Fault[]): FaultPlan {
  if (drawn.length === 0) return NO_FAULTS;
  return {
    instead: drawn.find((fault): fault is InsteadFault => !isPageFault(fault) && !isDeliveryFault(fault)),
    page: drawn.filter(isPageFault).reduce(bend, PLAIN_PAGE),
    delivery: drawn.filter(isDeliveryFault),
  };
}

function bend(page: PageShape, fault: PageFault): PageShape {
  switch (fault.kind) {
    case 'empty-page':
      return { ...page, empty: true };
    case 'page-size':
      return { ...page, maxItems: Math.max(1, Math.min(page.maxItems, fault.maxItems)) };
    case 'repeat-page':
      return { ...page, repeat: true };
    case 'unsort':
      return { ...page, unsort: true };
  }
}
