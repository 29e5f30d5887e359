"""Pictures of glassware by path tracing: true refraction, absorption and scattering, with masks by the same rays."""
