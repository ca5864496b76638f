namespace DasAudit.Clip;

/// <summary>How pictures are prepared for an encoder.</summary>
/// <param name="Source">The file that says so, relative to the encoder, or what the caller gave.</param>
/// <param name="Assumptions">Sentences on what no file states.</param>
internal sealed record EncoderPreprocessing(
    PreprocessorSettings Settings,
    string Source,
    IReadOnlyList<string> Assumptions
)
{
    /// <summary>
    /// For a model whose input is bytes: values cannot be rescaled before it, so they are not. The file beside the
    /// model is of the encoder that was exported, whose later steps are then in the graph.
    /// </summary>
    public EncoderPreprocessing OfBytes() =>
        Settings.ChangesValues
            ? this with
            {
                Settings = Settings.OfBytes(),
                Assumptions =
                [
                    .. Assumptions,
                    $"The encoder takes bytes, so rescaling and normalising ({Source}) is left to the encoder itself.",
                ],
            }
            : this;
}
