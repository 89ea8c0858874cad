/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The mappings a program image begins with, as an IMAGE block lists them.
 */
#ifndef LEGOSIM_GUEST_IMAGE_H
#define LEGOSIM_GUEST_IMAGE_H

#include "block_writer.h"

/* Appends the payload of an IMAGE block: the guest's part of this process's mappings. `payload`
 * must have room for GUEST_IMAGE_BYTES. */
enum { GUEST_IMAGE_BYTES = 1 << 20 };
void guest_image_describe(struct stream *payload);

#endif
