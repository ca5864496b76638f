using System.Runtime.ExceptionServices;
using DasAudit.Core.Candidates;
using DasAudit.Core.Pictures;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DasAudit.Clip;

/// <summary>
/// The image tower of CLIP, or any other image encoder, run by ONNX Runtime on the CPU. Each picture is a run of its
/// own on one thread and several runs go on at once, so that an embedding depends neither on the batch (even in a
/// quantised model, whose scales would come from the whole batch) nor on the number of threads. Only an export that
/// fixes its batch size gets several pictures at once.
/// </summary>
public sealed class OnnxImageEncoder : IImageEncoder
{
    private readonly InferenceSession _session;
    private readonly EncoderSignature _signature;
    private readonly ImagePreprocessor _preprocessor;
    private readonly int _threads;

    private OnnxImageEncoder(
        InferenceSession session,
        EncoderSignature signature,
        EncoderFiles files,
        PreprocessorSettings settings,
        int threads
    )
    {
        _session = session;
        _signature = signature;
        _preprocessor = new ImagePreprocessor(settings);
        _threads = threads;
        Name = files.Preprocessor is null ? $"{files.Name} (preprocessing not stated, CLIP's assumed)" : files.Name;
        Sha256 = files.Hash($"{settings.Canonical()};output={signature.Output}");
        var probe = settings.OutputSize ?? (signature.Height ?? 224, signature.Width ?? 224);
        Dimension = Run([new Picture(probe.Width, probe.Height, new byte[probe.Width * probe.Height * 3])])[0].Length;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>
    /// SHA-256, lower-case hexadecimal, over the model, its external weights (<c>.onnx_data</c>, <c>.onnx.data</c>),
    /// the preprocessing settings and the name of the output.
    /// </summary>
    public string Sha256 { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>Opens an encoder.</summary>
    /// <param name="path">
    /// A folder with <c>vision_model.onnx</c>, <c>model.onnx</c> or a single <c>.onnx</c> file (or with such an
    /// <c>onnx</c> sub-folder), or the file itself. Its <c>preprocessor_config.json</c> beside it or one folder up is
    /// obeyed; without one CLIP's preprocessing is assumed, at the size that the model takes.
    /// </param>
    /// <param name="threads">How many pictures are embedded at once; 0 (the default): one a processor.</param>
    /// <exception cref="AuditException">There is no such model, or it is damaged or no encoder of pictures.</exception>
    public static OnnxImageEncoder Open(string path, int threads = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        InferenceSession? session = null;
        try
        {
            var files = EncoderFiles.Find(path);
            session = Load(files.Model);
            var signature = EncoderSignature.Of(session, path);
            var settings = files.Preprocessor is null
                ? PreprocessorSettings.Clip(signature.Height ?? 224)
                : PreprocessorConfig.Read(files.Preprocessor);
            RequireSize(path, signature, settings);
            return new OnnxImageEncoder(
                session,
                signature,
                files,
                settings,
                threads == 0 ? Environment.ProcessorCount : threads
            );
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new AuditException(
                    $"The encoder '{path}' cannot be read ({e.Message}); check the file and its permissions.",
                    e
                );
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="AuditException">The model fails, or what it gives is not one finite row a picture.</exception>
    public IReadOnlyList<float[]> Encode(IReadOnlyList<Picture> pictures, CancellationToken cancellation)
    {
        var size = _signature.Batch ?? 1;
        var rows = new float[pictures.Count][];
        try
        {
            Parallel.For(
                0,
                (pictures.Count + size - 1) / size,
                new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation },
                i =>
                {
                    var batch = pictures.Skip(i * size).Take(size).ToList();
                    Run(batch).CopyTo(rows, i * size);
                }
            );
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<AuditException>().FirstOrDefault() is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static InferenceSession Load(string model)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException(
                $"'{model}' is no ONNX model that can be run ({FirstLine(e)}); export or download the encoder again.",
                e
            );
        }
    }

    private static void RequireSize(string path, EncoderSignature signature, PreprocessorSettings settings)
    {
        if (settings.OutputSize is not { } size)
        {
            if (signature.Batch > 1)
                throw new AuditException(
                    $"The model in '{path}' takes {signature.Batch} pictures at once but its preprocessor_config.json "
                        + "lets them differ in size; export it for one picture at a time."
                );
            return;
        }

        if ((signature.Height ?? size.Height, signature.Width ?? size.Width) != size)
            throw new AuditException(
                $"The model in '{path}' takes pictures of {signature.Width}×{signature.Height} "
                    + $"but its preprocessor_config.json makes them {size.Width}×{size.Height}; "
                    + "give the configuration that belongs to it."
            );
    }

    /// <summary>One run; fewer pictures than the graph asks for are filled up with the last one.</summary>
    private float[][] Run(List<Picture> pictures)
    {
        var cropped = pictures.ConvertAll(_preprocessor.Crop);
        var (width, height) = (cropped[0].Width, cropped[0].Height);
        var count = _signature.Batch ?? pictures.Count;
        var length = 3 * height * width;
        var values = new float[count * length];
        for (var i = 0; i < count; i++)
        {
            var picture = cropped[Math.Min(i, cropped.Count - 1)];
            _preprocessor.Normalise(picture).CopyTo(values, i * length);
        }

        var inputs = new List<OrtValue>();
        try
        {
            inputs.Add(ImageTensor(values, [count, 3, height, width]));
            inputs.AddRange(_signature.ExtraInputs.Select(input => input.ToTensor()));
            List<string> names = [_signature.Image, .. _signature.ExtraInputs.Select(input => input.Name)];
            using var run = new RunOptions();
            using var outputs = _session.Run(run, names, inputs, [_signature.Output]);
            return Rows(outputs[0], count)[..pictures.Count];
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException(
                $"The encoder '{Name}' fails on a picture of {width}×{height} ({FirstLine(e)}); "
                    + "export the encoder again.",
                e
            );
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    private OrtValue ImageTensor(float[] values, long[] shape)
    {
        if (!_signature.HalfPrecision)
            return OrtValue.CreateTensorValueFromMemory(values, shape);
        var halves = Array.ConvertAll(values, value => new Float16(BitConverter.HalfToUInt16Bits((Half)value)));
        return OrtValue.CreateTensorValueFromMemory(halves, shape);
    }

    private float[][] Rows(OrtValue output, int count)
    {
        var info = output.GetTensorTypeAndShape();
        var shape = info.Shape;
        if (!IsOneRowEach(shape, count))
            throw NoEmbedding($"came out as [{string.Join(", ", shape)}] for {count} pictures");
        var values =
            info.ElementDataType == TensorElementType.Float16
                ? Array.ConvertAll(output.GetTensorDataAsSpan<Float16>().ToArray(), ToSingle)
                : output.GetTensorDataAsSpan<float>().ToArray();
        var stride = values.Length / count;
        var dimension = (int)shape[^1];
        float[][] rows = [.. Enumerable.Range(0, count).Select(i => values.AsSpan(i * stride, dimension).ToArray())];
        return rows.All(row => Array.TrueForAll(row, float.IsFinite))
            ? rows
            : throw NoEmbedding("holds values that are not finite");
    }

    private bool IsOneRowEach(long[] shape, int count)
    {
        var isOfTokens = shape.Length == 3 && _signature.Output == EncoderSignature.HiddenState;
        if (shape.Length != 2 && !isOfTokens)
            return false;
        var hasKnownDimension = Dimension == 0 || shape[^1] == Dimension;
        return shape[0] == count && shape.All(length => length > 0) && hasKnownDimension;
    }

    private static float ToSingle(Float16 value) => (float)BitConverter.UInt16BitsToHalf(value.value);

    private AuditException NoEmbedding(string problem) =>
        EncoderSignature.NoEmbedding(_session, Name, $"{_signature.Output} {problem}");

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd('.', ' ');
}
