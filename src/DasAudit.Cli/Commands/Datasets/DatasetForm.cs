namespace DasAudit.Cli.Commands.Datasets;

/// <summary>What a dataset can be exported as.</summary>
internal enum DatasetForm
{
    Croissant,
    PublicSummary,
}
