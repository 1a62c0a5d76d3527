package org.netdissect.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.netdissect.base.Printable;

/** A writer that replaces control characters, which names from files may hold, with question marks. */
final class SafeWriter extends FilterWriter {
    private SafeWriter(OutputStream out) {
        super(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    /** A writer in UTF-8 that flushes each text, so that results and messages keep their order on a terminal. */
    static PrintWriter to(OutputStream out) {
        return new PrintWriter(new SafeWriter(out), true) {
            @Override
            public void print(String text) {
                super.print(text);
                flush();
            }
        };
    }

    @Override
    public void write(int c) throws IOException {
        super.write(c != '\n' && Printable.isUnsafe(c) ? '?' : c);
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        write(new String(text, from, length), 0, length);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        StringBuilder safe = new StringBuilder(length);
        for (int i = from; i < from + length; i++) {
            char c = text.charAt(i);
            safe.append(c != '\n' && Printable.isUnsafe(c) ? '?' : c);
        }
        super.write(safe.toString(), 0, length);
    }
}
