// The mark of OmniAI and the home machine's state. The state's words stand beside it, said by whoever shows it.
import './lamp.css';

export type LampState = 'lit' | 'breathing' | 'dim' | 'out';

export function Lamp({ state, size = 'small' }: { state: LampState; size?: 'small' | 'large' }) {
  return <span className="lamp" data-state={state} data-size={size} aria-hidden />;
}
