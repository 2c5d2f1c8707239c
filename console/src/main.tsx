import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import './ui/global.css';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startTranslations } from './locales/translations.ts';
import { styleNonce } from './ui/style-nonce.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
// For the styles that dialogs add while they are open.
setNonce(styleNonce());
await startTranslations();
createRoot(root).render(<App />);
