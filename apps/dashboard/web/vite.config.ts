import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** No inline scripts, styles or data: the page is served under a strict Content-Security-Policy. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4680' } },
});
