package org.netdissect.base;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines as {@link java.io.BufferedReader#readLine} gives them, but no more of each than memory bears. */
final class BoundedLines implements Closeable {
    /** Five thousand times what the rows of real probe sets have. */
    static final int LONGEST = 1 << 20;

    private final Reader reader;
    private final char[] buffer = new char[1 << 16];
    private int at;
    private int end;
    private boolean cut;
    private boolean afterReturn;

    BoundedLines(Reader reader) {
        this.reader = reader;
    }

    /** The next line without its end, or null; of one that is too long the start, the rest being passed over. */
    @Nullable
    String next() throws IOException {
        if (!available() || (passLineFeed() && !available())) {
            return null;
        }
        cut = false;
        StringBuilder line = new StringBuilder();
        while (available()) {
            int start = at;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            int kept = Math.min(at - start, LONGEST - line.length());
            line.append(buffer, start, kept);
            cut |= kept < at - start;
            if (at < end) {
                afterReturn = buffer[at++] == '\r';
                break;
            }
        }
        return line.toString();
    }

    /** The second half of a CRLF is no line of its own. */
    private boolean passLineFeed() {
        boolean passed = afterReturn && buffer[at] == '\n';
        at += passed ? 1 : 0;
        afterReturn = false;
        return passed;
    }

    private boolean available() throws IOException {
        while (at == end) {
            int read = reader.read(buffer);
            if (read < 0) {
                return false;
            }
            at = 0;
            end = read;
        }
        return true;
    }

    /** Whether the last line was too long. */
    boolean cut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
