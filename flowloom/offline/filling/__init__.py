"""The inputs of the chosen components: values and data, by name, form and meaning."""
