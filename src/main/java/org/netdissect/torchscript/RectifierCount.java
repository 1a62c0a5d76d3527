package org.netdissect.torchscript;

/**
 * Counts a network's rectifiers, by their places in the code that runs.
 *
 * @param leaky places that {@link TorchScriptArchive#TAPPED_LEAKY_METHOD} makes leaky
 * @param left places that it leaves as they are: bounds that may be tensors, and code that runs in a fork
 */
public record RectifierCount(int leaky, int left) {}
