using System.Globalization;
using CsvHelper;
using DasAudit.Core.Files;
using Parquet;
using Parquet.Schema;

namespace DasAudit.Core.Retraining;

/// <summary>Raw errors of queries under retrained models.</summary>
public sealed class LossTable
{
    private readonly List<LossRow> _rows = [];

    /// <summary>One row for each model, query and timestep, in this order.</summary>
    /// <param name="models">Names of the models, each once.</param>
    /// <param name="queries">The pictures, as given, each once.</param>
    /// <param name="timesteps">Ascending.</param>
    /// <param name="errors">One a model, with one row a query.</param>
    internal LossTable(
        IReadOnlyList<string> models,
        IReadOnlyList<string> queries,
        IReadOnlyList<int> timesteps,
        IReadOnlyList<QueryErrors> errors
    )
    {
        foreach (var (m, model) in models.Index())
        foreach (var (q, query) in queries.Index())
        foreach (var (t, timestep) in timesteps.Index())
            _rows.Add(new(model, query, timestep, errors[m].Losses[q][t], errors[m].Changes[q][t]));
    }

    private LossTable(List<LossRow> rows) => _rows = rows;

    /// <summary>One for each model, query and timestep.</summary>
    internal IReadOnlyList<LossRow> Rows => _rows;

    /// <summary>Reads a table, CSV or Parquet by the name's ending; its changes may be missing.</summary>
    /// <exception cref="AuditException">It cannot be read, or lacks a column.</exception>
    internal static LossTable Read(string path)
    {
        var columns = TableColumns.Read(path);
        var (models, queries) = (columns.Texts("model"), columns.Texts("query"));
        var (timesteps, losses) = (columns.WholeNumbers("timestep"), columns.Numbers("loss"));
        var changes = columns.Has("change") ? columns.Numbers("change") : null;
        return new([
            .. models.Select(
                (model, row) =>
                    new LossRow(model, queries[row], timesteps[row], losses[row], changes?[row] ?? double.NaN)
            ),
        ]);
    }

    /// <summary>Writes the table, CSV or Parquet by the name's ending; a file there is replaced.</summary>
    internal void Write(string path)
    {
        if (TableEnding.IsParquet(path))
            AtomicFile.Write(path, (Stream file) => WriteParquetAsync(file).GetAwaiter().GetResult());
        else
            AtomicFile.Write(path, WriteCsv);
    }

    private void WriteCsv(TextWriter file)
    {
        using var csv = new CsvWriter(file, CultureInfo.InvariantCulture, leaveOpen: true);
        csv.WriteRecords(_rows);
    }

    private async Task WriteParquetAsync(Stream file)
    {
        var model = new DataField<string>("model");
        var query = new DataField<string>("query");
        var timestep = new DataField<int>("timestep");
        var loss = new DataField<double>("loss");
        var change = new DataField<double>("change");
        var schema = new ParquetSchema(model, query, timestep, loss, change);
        var writer = await ParquetWriter.CreateAsync(schema, file).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(model, _rows.ConvertAll(row => row.Model)).ConfigureAwait(false);
            await group.WriteAsync(query, _rows.ConvertAll(row => row.Query)).ConfigureAwait(false);
            await group.WriteAsync<int>(timestep, Values(row => row.Timestep)).ConfigureAwait(false);
            await group.WriteAsync<double>(loss, Values(row => row.Loss)).ConfigureAwait(false);
            await group.WriteAsync<double>(change, Values(row => row.Change)).ConfigureAwait(false);
            group.CompleteValidate();
        }
    }

    private ReadOnlyMemory<T> Values<T>(Func<LossRow, T> value) => _rows.Select(value).ToArray();
}
