package org.netdissect.network;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Optional;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;

/** Turns the engine's messages into one line. */
final class EngineErrors {
    private static final int LONGEST = 300;

    /** Messages of PyTorch where another size of the input may help (aten/src/ATen). */
    private static final List<String> OF_SIZE = List.of(
            "shapes cannot be multiplied",
            "must match the size of tensor",
            "must match the existing size",
            "is invalid for input of size",
            "Sizes of tensors must match",
            "greater than actual input size",
            "Output size is too small",
            "size mismatch");

    /** Part of "expected input[2, 3, 64, 64] to have 12 channels, but got 3 channels instead" (Convolution.cpp). */
    private static final String EXPECTED_CHANNELS = "] to have ";

    private static final String GOT_THREE = " channels, but got 3 channels";

    private EngineErrors() {}

    /** Joins the lines of an error and of its causes, such as a library that cannot be loaded, without repetition. */
    static String withCauses(Throwable error) {
        StringBuilder text = new StringBuilder(oneLine(error));
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            String line = oneLine(cause);
            if (text.indexOf(line) < 0) {
                text.append(": ").append(line);
            }
        }
        return text.toString();
    }

    /**
     * Finds the line that names the error: the last one with {@code Error:}, since TorchScript prints a Python-like
     * trace.
     */
    static String oneLine(Throwable error) {
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        String first = "";
        String named = "";
        for (String line : message.split("\\R")) {
            String text = line.strip();
            if (first.isEmpty()) {
                first = text;
            }
            if (text.contains("Error: ")) {
                named = text;
            }
        }
        String line = named.isEmpty() ? first : named;
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    /** Describes the failure of a pass over a batch, with the option that may help. */
    static RuntimeException failure(EngineException error, int images, GridSize inputSize, List<String> inputTypes) {
        String line = oneLine(error);
        Optional<String> channels = channels(line);
        if (channels.isPresent()) {
            return new InputException("the network takes " + channels.get() + " channels, images have 3", error);
        }
        return new RunException(
                "the network fails on " + images + " images of " + inputSize + ": " + line + hint(line, inputTypes),
                error);
    }

    private static String hint(String line, List<String> inputTypes) {
        if (inputTypes.size() != 1) {
            return "; its forward takes " + inputTypes + ", and netdissect gives it one batch of images";
        }
        for (String type : List.of("Half", "BFloat16")) {
            if (line.contains("not implemented for '" + type + "'")) {
                return "; the network computes in half precision (" + type
                        + "), for which the engine lacks this on a CPU: export it after model.float(), or use a GPU";
            }
        }
        return OF_SIZE.stream().anyMatch(line::contains) ? "; --input-size H,W gives it another size" : "";
    }

    /** Number of channels that a convolution expects, where it got three. */
    private static Optional<String> channels(String line) {
        int from = line.indexOf(EXPECTED_CHANNELS);
        int to = line.indexOf(GOT_THREE);
        return from >= 0 && to > from
                ? Optional.of(line.substring(from + EXPECTED_CHANNELS.length(), to))
                : Optional.empty();
    }
}
