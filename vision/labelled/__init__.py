"""Pictures with truth on disk: photographs with masks, renders, what people label; one layout for all."""
