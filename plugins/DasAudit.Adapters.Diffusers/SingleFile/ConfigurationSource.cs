namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>What states the settings that a single file of weights does not hold.</summary>
internal enum ConfigurationSource
{
    /// <summary>Whoever loads it: a folder or file given for the purpose.</summary>
    Request,

    /// <summary>A file of the same name beside it.</summary>
    Beside,

    /// <summary>The tool, which knows the published models by their sizes.</summary>
    KnownFamily,
}
