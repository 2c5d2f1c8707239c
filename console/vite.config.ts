import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** For `npm run dev` in this folder: a running `logferry up` or `logferry demo`. */
const server = process.env['LOGFERRY_URL'] ?? 'http://127.0.0.1:8787';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Browsers that know light-dark(): what it would be lowered to does not follow the theme that is chosen.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': server, '/healthz': server, '/readyz': server, '/metrics': server } },
});
