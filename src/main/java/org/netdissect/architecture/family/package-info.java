/**
 * Families of networks: their modules, tensors and code. Start with {@link org.netdissect.architecture.family.Family} and
 * {@link org.netdissect.architecture.family.ResNets}.
 */
@NullMarked
package org.netdissect.architecture.family;

import org.jspecify.annotations.NullMarked;
