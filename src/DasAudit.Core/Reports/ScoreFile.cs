using DasAudit.Core.Files;

namespace DasAudit.Core.Reports;

/// <summary>Writes all scores of an audit as a table, CSV or Parquet by the name's ending.</summary>
/// <param name="path">Absolute; a file there is replaced once all is written.</param>
/// <param name="replicates">Most scores that a method has of one picture.</param>
public sealed class ScoreFile(string path, int replicates)
{
    /// <summary>Writes scores as they come; an error on the way leaves no file.</summary>
    public void Write(IEnumerable<AuditScores> scores)
    {
        if (TableEnding.IsCsv(path))
            AtomicFile.Write(path, (TextWriter writer) => CsvScores.Write(writer, scores, replicates));
        else
            AtomicFile.Write(path, (Stream file) => ParquetScores.Write(file, scores, replicates));
    }
}
