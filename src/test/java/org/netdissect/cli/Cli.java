package org.netdissect.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs the whole program in this process. */
record Cli(int code, String out, String err) {

    static Cli run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = args[i].toString();
        }
        int code;
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            code = Main.run(outStream, errStream, texts);
        }
        return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Line of the error, without progress and notes. */
    String errorLine() {
        return err.lines()
                .filter(line -> line.startsWith("netdissect: "))
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }

    @Override
    public String toString() {
        return "exit code " + code + "\n" + err + out;
    }
}
